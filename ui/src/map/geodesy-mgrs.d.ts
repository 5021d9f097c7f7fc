// What is used of geodesy 2.4, which comes without types.
declare module 'geodesy/mgrs.js' {
  export class LatLon {
    constructor(lat: number, lon: number);
    readonly lat: number;
    readonly lon: number;
    toUtm(): Utm;
  }
  export class Utm {
    constructor(zone: number, hemisphere: 'N' | 'S', easting: number, northing: number);
    readonly zone: number;
    readonly hemisphere: 'N' | 'S';
    readonly easting: number;
    readonly northing: number;
    toLatLon(): LatLon;
    toMgrs(): Mgrs;
  }
  export default class Mgrs {
    static parse(reference: string): Mgrs;
    toUtm(): Utm;
    toString(digits?: number): string;
  }
}
