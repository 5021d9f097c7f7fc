"""The flight log: an Arrow stream while flying, a Parquet file afterwards.

While the aircraft flies, rows are appended to an Arrow IPC stream (``flight.arrows``). Every
record batch is one write to the file, so that a kill, Ctrl-C or a full disk costs at most the
batch in hand; the stream ends in Arrow's end-of-stream mark only when the flight was logged
whole, and a stream without it reads as *interrupted*. At the end the stream is converted to
Parquet (``flight.parquet``), whose bytes depend on nothing but the rows and the metadata.

Columns come from the record's own declarations: dotted names, unit and meaning in each column's
metadata. Real numbers are kept in single precision, except time, latitude and longitude, which
need double (a float32 latitude is 0.4 m coarse, a float32 second 8 ms after a day).

Format: Apache Arrow columnar format 1.5, "IPC Streaming Format" (encapsulated messages).
"""

import contextlib
import errno
import json
import os
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from longwatch.errors import LogError
from longwatch.record import Leaf, leaves

TIME = "clock.time"
DOUBLE_ENDINGS = ("latitude", "longitude")
METADATA_KEY = b"longwatch"
INTERRUPTED_KEY = b"interrupted"

END_OF_STREAM = b"\xff\xff\xff\xff\x00\x00\x00\x00"


class LogPosition(NamedTuple):
    """How far a stream has been written: whole batches only."""

    size: int
    rows: int


def log_schema(record_class: Any, metadata: dict[str, Any]) -> pa.Schema:
    """The log's columns for ``record_class``: types, units and meanings; ``metadata`` as JSON."""
    columns = [
        pa.field(leaf.path, pa.from_numpy_dtype(_kept_type(leaf)), nullable=False,
                 metadata={"unit": leaf.unit, "meaning": leaf.meaning})
        for leaf in leaves(record_class, logged_only=True)
    ]
    text = json.dumps(metadata, sort_keys=True, ensure_ascii=False)
    return pa.schema(columns, metadata={METADATA_KEY: text.encode()})


def log_metadata(schema: pa.Schema) -> dict[str, Any]:
    """What the flight said of itself when the log was opened (aircraft, mission, seed, ...)."""
    kept = (schema.metadata or {}).get(METADATA_KEY, b"{}")
    return dict(json.loads(kept))


def is_interrupted(table: pa.Table) -> bool:
    """True when the log that ``table`` was read from breaks off before the flight's end."""
    return bool((table.schema.metadata or {}).get(INTERRUPTED_KEY) == b"true")


class LogWriter:
    """Writes a flight log that stays readable wherever it is cut.

    Args:
        path: file to make; it must not exist.
        record_class: the record whose arrays are appended (made by ``longwatch.record``).
        metadata: what to keep beside the rows, as JSON. The same seed must give the same
            bytes: no wall time, host or folder belongs in it.

    Raises:
        LogError: the file exists or cannot be written, here and in every other method.

    A batch costs about 20 kB beside its rows: append some hundred rows at a time.
    """

    def __init__(self, path: str | Path, record_class: Any, *, metadata: dict[str, Any]) -> None:
        self.path = Path(path)
        self.position = LogPosition(0, 0)
        self._prepare(record_class, log_schema(record_class, metadata))
        try:
            self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        except FileExistsError:
            raise LogError(f"{self.path}: this log exists already; name another folder, or move "
                           "the old log away.") from None
        except OSError as fault:
            raise LogError(f"{self.path}: cannot be written ({fault.strerror}); name a folder "
                           "that exists and that you may write to.") from fault
        self._write(memoryview(self._schema.serialize()), 0)

    @classmethod
    def resume(cls, path: str | Path, record_class: Any, position: LogPosition) -> Self:
        """Go on with the stream at ``path`` from an earlier ``position``; what follows is cut."""
        writer = cls.__new__(cls)
        writer.path = Path(path)
        try:
            with pa.OSFile(str(path)) as source:
                schema = pa.ipc.read_schema(source)
            writer._prepare(record_class, schema)
            if Path(path).stat().st_size < position.size:
                raise LogError(f"{path}: shorter than the snapshot's log; restore into the run "
                               "that the snapshot was taken from.")
            writer._file = os.open(path, os.O_WRONLY)
            os.ftruncate(writer._file, position.size)
            os.lseek(writer._file, position.size, os.SEEK_SET)
        except (OSError, EOFError, pa.ArrowException) as fault:
            raise LogError(f"{path}: cannot be continued ({fault}); start a new log.") from fault
        writer.position = position
        return writer

    def _prepare(self, record_class: Any, schema: pa.Schema) -> None:
        # The rows appended last did not fit; they may be appended again.
        self._short = False
        self._dtype = np.dtype(record_class.dtype)
        self._schema = schema
        logged = list(leaves(record_class, logged_only=True))
        if [leaf.path for leaf in logged] != schema.names:
            raise LogError(f"{self.path}: its columns are not those of this version's record; "
                           "start a new log.")
        # Where each column lies in a row: nested fields by name cost several times the copy.
        self._columns = [(_offset(leaf, self._dtype), np.dtype(leaf.type), _kept_type(leaf))
                         for leaf in logged]

    def append(self, rows: np.ndarray) -> None:
        """Write the records ``rows`` (one-dimensional, the record's dtype) as one batch."""
        if rows.dtype != self._dtype:
            raise TypeError(f"rows of {self._dtype} expected")
        if not len(rows):
            return
        size, count = self._dtype.itemsize, len(rows)
        raw = np.ascontiguousarray(rows).view(np.uint8)
        with np.errstate(over="ignore"):
            columns = [
                pa.array(np.ndarray((count,), stored, raw, offset, (size,)).astype(kept))
                for offset, stored, kept in self._columns]
        batch = pa.RecordBatch.from_arrays(columns, schema=self._schema)
        self._write(memoryview(batch.serialize()), len(rows))

    def close(self, complete: bool = True) -> None:
        """End the stream; with ``complete`` False, or rows short, it is marked as interrupted."""
        if self._file < 0:
            return
        try:
            if complete and not self._short:
                self._write(memoryview(END_OF_STREAM), 0)
        finally:
            self._release()

    def _release(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _write(self, message: memoryview, rows: int) -> None:
        """Write one whole message, or take back what was written of it."""
        if self._file < 0:
            raise LogError(f"{self.path}: the log is closed already.")
        written = 0
        try:
            while written < len(message):
                written += os.write(self._file, message[written:])
        except OSError as fault:
            self._short = True
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self.position.size)
                os.lseek(self._file, self.position.size, os.SEEK_SET)
            raise LogError(_failed_write(self.path, fault, self.position.rows)) from fault
        self._short = False
        self.position = LogPosition(self.position.size + written, self.position.rows + rows)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.close(complete=kind is None)


def _kept_type(leaf: Leaf) -> np.dtype:
    kept = np.dtype(leaf.type)
    double = leaf.path == TIME or leaf.path.endswith(DOUBLE_ENDINGS)
    return np.dtype(np.float32) if kept == np.float64 and not double else kept


def _offset(leaf: Leaf, dtype: np.dtype) -> int:
    """Byte offset of a quantity inside a record."""
    rows = np.zeros(1, dtype)
    return int(leaf.of(rows).__array_interface__["data"][0]
               - rows.__array_interface__["data"][0])


def _failed_write(path: Path, fault: OSError, rows: int) -> str:
    if fault.errno in (errno.ENOSPC, errno.EDQUOT):
        cause = "the disk is full; free some space or name another folder"
    else:
        cause = f"writing failed ({fault.strerror}); see that the folder can be written"
    return f"{path}: {cause}. The {rows} rows written until then can be read from this file."


# ------------------------------------------------------------------------------- reading


def _sound(schema: pa.Schema) -> pa.Schema:
    """The schema, where names and metadata can be read. Raises ValueError."""
    if not all(schema.names) or not isinstance(log_metadata(schema), dict):
        raise ValueError("names or metadata are damaged")
    return schema


class _Stream:
    """The whole batches of a stream that may be cut anywhere, read one after the other."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        try:
            # Not mapped into memory: a map counts as resident, and dies when the file is cut.
            self._source = pa.OSFile(str(path))
            self.schema = _sound(pa.ipc.read_schema(self._source))
        except FileNotFoundError:
            raise LogError(f"{path}: no such log; name a folder or a flight.parquet or .arrows "
                           "file that a flight has written.") from None
        except (OSError, EOFError, ValueError, pa.ArrowException):
            raise LogError(f"{path}: holds no flight log: not an Arrow stream, or cut before "
                           "its first row; fly again.") from None
        self.complete = False

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield every whole batch; afterwards ``complete`` tells if the end mark was there."""
        whole = self._source.tell()
        while True:
            try:
                message = pa.ipc.read_message(self._source)
                batch = pa.ipc.read_record_batch(message, self.schema)
            except (OSError, EOFError, pa.ArrowException):
                break
            whole = self._source.tell()
            yield batch
        self._source.seek(whole)
        self.complete = self._source.read(len(END_OF_STREAM)) == END_OF_STREAM


def read_log(path: str | Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a flight log, Parquet or stream, whole or cut, as an Arrow table.

    ``columns`` names those to read (what the log lacks is left out), None all of them. The
    schema's metadata say ``interrupted``: ``true`` where the log breaks off before the
    flight's end (see :func:`is_interrupted`); every whole batch before the cut is there.

    Raises:
        LogError: there is no such file, or it holds no flight log.
    """
    path = Path(path)
    if _starts_with(path, b"PAR1"):
        try:
            with pq.ParquetFile(path) as file:
                there = _sound(file.schema_arrow).names
                return file.read([n for n in there if columns is None or n in columns])
        except (OSError, ValueError, pa.ArrowException):
            raise LogError(f"{path}: this Parquet file is damaged; read the .arrows stream "
                           "beside it, or fly again.") from None
    stream = _Stream(path)
    there = [n for n in stream.schema.names if columns is None or n in columns]
    batches = [batch if columns is None else _copied(batch.select(there))
               for batch in stream.batches()]
    schema = pa.schema([stream.schema.field(n) for n in there], stream.schema.metadata)
    marked = _marked(schema, not stream.complete)
    return pa.Table.from_batches(batches, schema).replace_schema_metadata(marked.metadata)


def _copied(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The same without hold on the memory of the columns beside it."""
    arrays = [pa.array(column.to_numpy(zero_copy_only=False).copy()) for column in batch.columns]
    return pa.RecordBatch.from_arrays(arrays, schema=batch.schema)


def _starts_with(path: Path, mark: bytes) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(mark)) == mark
    except FileNotFoundError:
        raise LogError(f"{path}: no such log; name a flight.parquet or .arrows file that a "
                       "flight has written.") from None
    except OSError as fault:
        raise LogError(f"{path}: cannot be read ({fault.strerror}); name a flight.parquet or "
                       ".arrows file.") from None


def _marked(schema: pa.Schema, interrupted: bool) -> pa.Schema:
    mark = b"true" if interrupted else b"false"
    return schema.with_metadata({**(schema.metadata or {}), INTERRUPTED_KEY: mark})


# ---------------------------------------------------------------------------- conversion


def to_parquet(stream_path: str | Path, parquet_path: str | Path, *,
               row_group_seconds: float = 600.0) -> None:
    """Convert a stream, whole or cut, to Parquet, holding one row group in memory.

    Row groups are cut at multiples of ``row_group_seconds`` of simulated time, so that the
    file's bytes do not depend on how the rows came. The file appears under its name when whole.

    Raises:
        LogError: the stream holds no log, or the Parquet file cannot be written.
    """
    stream, target = _Stream(stream_path), Path(parquet_path)
    part = target.with_name(target.name + ".part")
    interrupted = not _is_complete(stream_path)
    schema = _marked(stream.schema, interrupted)
    try:
        with pq.ParquetWriter(part, schema, **_parquet_options(schema)) as writer:
            for group in _groups(stream.batches(), row_group_seconds):
                table = pa.Table.from_batches(group, stream.schema).combine_chunks()
                table = table.replace_schema_metadata(schema.metadata)
                writer.write_table(table, row_group_size=len(table))
        part.replace(target)
    except OSError as fault:
        part.unlink(missing_ok=True)
        raise LogError(f"{target}: cannot be written ({fault.strerror or fault}); the flight "
                       f"is kept in {stream_path}: free some space and convert that.") from fault


def _parquet_options(schema: pa.Schema) -> dict[str, Any]:
    real = [f.name for f in schema if pa.types.is_floating(f.type)]
    return {"compression": "zstd", "compression_level": 3, "use_dictionary": False,
            "column_encoding": dict.fromkeys(real, "BYTE_STREAM_SPLIT"),
            "write_statistics": [TIME]}


def _is_complete(stream_path: str | Path) -> bool:
    stream = _Stream(stream_path)
    for _ in stream.batches():
        pass
    return stream.complete


def _groups(batches: Iterator[pa.RecordBatch],
            seconds: float) -> Iterator[list[pa.RecordBatch]]:
    """Regroup ``batches`` so that a new group starts at every multiple of ``seconds``."""
    held: list[pa.RecordBatch] = []
    current = None
    for batch in batches:
        # A microsecond of slack: a tick's time is a product and may fall just short.
        numbers = np.floor((batch.column(TIME).to_numpy() + 1e-6) / seconds)
        cuts = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist(), len(numbers)]
        for first, last in pairwise(cuts):
            if held and numbers[first] != current:
                yield held
                held = []
            current = numbers[first]
            held.append(batch.slice(first, last - first))
    if held:
        yield held
