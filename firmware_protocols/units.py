"""What the weights that devices speak of are in newtons. Refuses to know devices.

Exact by definition: the standard gravity of 1901 and the international pound of 1959.
"""

from typing import Final

KILOGRAM: Final = 9.80665
"""N, the weight of one kilogram."""
POUND_IN_KG: Final = 0.45359237
"""kg."""
POUND: Final = POUND_IN_KG * KILOGRAM
"""N, the weight of one pound."""
