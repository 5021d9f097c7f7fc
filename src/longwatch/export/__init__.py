"""An aircraft in another simulator's words: a JSBSim model out of the datasheet.

    export_jsbsim(load_datasheet("tb2"), "tb2-jsbsim")
"""

from longwatch.export.folder import export_jsbsim

__all__ = ["export_jsbsim"]
