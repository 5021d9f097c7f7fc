// node-mavlink 2.3.0: `node node_pilot.mjs 5760`, the aircraft on TCP of this machine.
import { connect } from 'node:net'
import { MavLinkPacketSplitter, MavLinkPacketParser, MavLinkProtocolV2, minimal, common,
  ardupilotmega } from 'node-mavlink'

const REGISTRY = { ...minimal.REGISTRY, ...common.REGISTRY, ...ardupilotmega.REGISTRY }
const socket = connect(Number(process.argv[2]), '127.0.0.1')
const protocol = new MavLinkProtocolV2(245, 190)
const heard = new Map()
let sequence = 0
const send = message => socket.write(protocol.serialize(message, sequence++ % 256))
const command = (number, first) => {
  const message = new common.CommandLong()
  Object.assign(message, { targetSystem: 1, targetComponent: 1, command: number,
    confirmation: 0, _param1: first, _param2: 0, _param3: 0, _param4: 0, _param5: 0, _param6: 0,
    _param7: 0 })
  send(message)
}
const fail = what => { console.error(what); process.exit(1) }
socket.pipe(new MavLinkPacketSplitter()).pipe(new MavLinkPacketParser()).on('data', packet => {
  const kind = REGISTRY[packet.header.msgid]
  if (!kind) return
  const told = packet.protocol.data(packet.payload, kind)
  heard.set(kind.MSG_NAME, told)
  if (kind.MSG_NAME === 'HEARTBEAT' && packet.header.compid !== 1) fail('a second heartbeat')
})
setInterval(() => {
  const beat = new minimal.Heartbeat()
  Object.assign(beat, { type: 6, autopilot: 8, baseMode: 0, customMode: 0, systemStatus: 4 })
  send(beat)
}, 500)
setTimeout(() => command(400, 1), 4000)
setTimeout(() => command(246, 1), 5000)
setTimeout(() => {
  const ack = heard.get('COMMAND_ACK'), beat = heard.get('HEARTBEAT')
  const at = heard.get('GLOBAL_POSITION_INT')
  if (!beat || !(beat.baseMode & 128)) fail('not armed')
  if (!ack || ack.command !== 246 || ack.result !== 1) fail('reboot not refused')
  if (!at || Math.abs(at.relativeAlt) > 300) fail(`relative altitude ${at?.relativeAlt}`)
  console.log('done')
  process.exit(0)
}, 6500)
