"""``pip install`` with a line that says how far it is: python tools/install.py LOCK ARGUMENT...

pip's own bars are one a package, eighty of them; without them it says nothing for a minute.
"""

import re
import subprocess
import sys
from pathlib import Path

CLEAR = "\r\x1b[K"


def main(lock: str, arguments: list[str]) -> int:
    """Run pip; its last words are shown where it fails."""
    packages = len(re.findall(r"^\S+==", Path(lock).read_text(), re.MULTILINE))
    shown = sys.stderr.isatty()
    said: list[str] = []
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check",
               "--progress-bar", "off", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True) as pip:
        assert pip.stdout is not None
        met = 0
        for line in pip.stdout:
            said.append(line)
            met += line.startswith("Collecting ")
            what = re.match(r"Collecting ([\w.-]+)", line)
            if shown and what:
                sys.stderr.write(f"{CLEAR}  {min(met, packages)} of {packages}  {what[1]}")
            elif shown and line.startswith("Installing collected"):
                sys.stderr.write(f"{CLEAR}  unpacking {packages} packages ...")
            sys.stderr.flush()
    if shown:
        sys.stderr.write(CLEAR)
    if pip.returncode:
        sys.stderr.writelines(said[-20:])
    return pip.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
