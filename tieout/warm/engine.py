"""The papermill engine ``tieout-warm``: runs a notebook as papermill's own engine does, in a warm kernel on private sockets.

For whoever runs several notebooks from one process: ``papermill.execute_notebook(…, engine_name="tieout-warm", imports=["polars"])``.
The first waits for the imports, the others do not.
"""

from __future__ import annotations

from collections.abc import Sequence

from papermill.engines import NBClientEngine

from tieout.kernels import PrivateKernelManager
from tieout.warm.provisioner import IMPORTS


class WarmEngine(NBClientEngine):
    """Executes notebooks in warm kernels."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name: str, *, imports: Sequence[str] = IMPORTS, **settings: object) -> None:
        """Run the notebook as ``NBClientEngine`` does; ``imports`` are the modules that its kernel has imported already."""
        wanted = tuple(imports)

        class Manager(PrivateKernelManager):
            imports = wanted

        try:
            super().execute_managed_notebook(nb_man, kernel_name, kernel_manager_class=Manager, **settings)
        finally:
            for manager in [one for one in Manager.living if isinstance(one, Manager)]:
                manager.discard()
