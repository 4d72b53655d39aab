"""Ways in which the live Hub may answer otherwise than localhub does by default, each a switch.

What nobody could ask the live Hub is assumed; the other answer is a variant, and so is the one that localhub gave before
public evidence spoke against it. A module for each group, which declares them; where the Hub's answer is made, it asks
`Switches`.
"""

from .switches import ALL, Switches
from .variant import Variant

__all__ = ["ALL", "Switches", "Variant"]
