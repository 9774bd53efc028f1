"""Every layer, a class each, in a file per family.

Importing this package fills ``resnet_studio.core.layer.LAYERS``: every module beside this one is
imported, so that a new layer is one class in one file and nothing else.
"""

import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
