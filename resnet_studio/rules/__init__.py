"""The rules: what each diagnostic means in the network around it, and what mends it.

A file declares one rule with its worked examples; ``repairs`` holds what several of them share.
Importing this package fills ``resnet_studio.core.diagnostics.RULES`` and the checks that warn.
"""

import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
