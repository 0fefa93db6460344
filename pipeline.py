"""The command line: python pipeline.py --help."""

import sys

from tieout.commands import main

if __name__ == "__main__":
    sys.exit(main())
