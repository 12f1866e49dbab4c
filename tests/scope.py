"""How thoroughly the house is looked at; tests run by hand count as the usual run."""

import os

IS_FULL = os.environ.get("GONGHENG_SCOPE") == "full"
