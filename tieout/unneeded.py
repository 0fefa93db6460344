"""What a library imports and nothing here ever asks it for, left out as if it were not installed. Import this before the library.

jsonschema builds 39 grammars of what an IRI may be: a quarter of all that great-expectations takes to import, and two thirds of papermill.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # which makes Python say that there is no such module
