"""The process that reads a flight log which somebody has sent, and writes what the station needs
of it anew: ``python -m longwatch.station.replay.clean_worker FROM TO``.

A file of a few megabytes may unfold into many gigabytes, or lie about what it holds in ways that no
look at its head shows. So it is read here, within bounds of memory and processor time that the
system keeps; only a file of our own making, of plain columns in even pieces, is read by the
station itself. What is wrong stands on standard output, in one line.
"""

import resource
import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from longwatch.errors import LogError
from longwatch.records.flight_log import TIME, to_parquet
from longwatch.station.replay.flight_source import LIVE, PLACES
from longwatch.station.vehicles.quantities import QUANTITIES

MEMORY, PROCESSOR_S = 2 * 1024**3, 120
# Seventy-two hours at 100 Hz; rows in one piece, those of ten minutes at 100 Hz.
MOST_ROWS, PIECE = 26_000_000, 60_000


def clean(source: Path, target: Path) -> None:
    """Copy the columns that are shown. Raises LogError, ArrowException, OSError, MemoryError."""
    with source.open("rb") as opened:
        parquet = opened.read(4) == b"PAR1"
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        if not parquet:
            converted = Path(scratch) / "flight.parquet"
            to_parquet(source, converted)
            source = converted
        with pq.ParquetFile(source) as file:
            _copy(file, target)


def _copy(file: pq.ParquetFile, target: Path) -> None:
    if file.metadata.num_rows > MOST_ROWS:
        raise LogError(f"{file.metadata.num_rows} rows; at most {MOST_ROWS} are shown")
    there = set(file.schema_arrow.names)
    wanted = {TIME, LIVE, *PLACES, *(c for q in QUANTITIES for c in q.columns)}
    names = [name for name in file.schema_arrow.names if name in wanted]
    if len(names) != len(set(names)) or not there.issuperset((TIME, *PLACES)):
        raise LogError("no flight log of Longwatch's; send a flight.parquet or flight.arrows "
                       "that a flight has written")
    fields = [file.schema_arrow.field(name) for name in names]
    odd = [f.name for f in fields if not _plain(f.type)]
    if odd:
        raise LogError(f"its column {odd[0]} holds no plain numbers; it is another program's")
    schema = pa.schema(fields, file.schema_arrow.metadata)
    rows = 0
    with pq.ParquetWriter(target, schema, compression="zstd", use_dictionary=False) as writer:
        for batch in file.iter_batches(PIECE, columns=names):
            rows += batch.num_rows
            if rows > MOST_ROWS:
                raise LogError(f"over {MOST_ROWS} rows, which is what is shown at most")
            writer.write_batch(batch.select(names).cast(schema), row_group_size=PIECE)


def _plain(kind: pa.DataType) -> bool:
    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind)
                or pa.types.is_boolean(kind))


def main() -> int:
    """Do it; 1 where it cannot be done."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_S, PROCESSOR_S))
    source, target = map(Path, sys.argv[1:3])
    try:
        clean(source, target)
    except LogError as error:
        fault = str(error).replace(f"{source}: ", "")
    except MemoryError:
        fault = f"it unfolds into more than {MEMORY // 1024**3} GB; it is damaged, or made to harm"
    except Exception as error:  # whatever a damaged file brings up in the reader
        fault = (f"it cannot be read ({' '.join(str(error).split())[:200]}); it is damaged, or "
                 "another program's")
    else:
        return 0
    sys.stdout.write(f"{fault}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
