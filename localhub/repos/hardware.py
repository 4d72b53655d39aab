"""What a Space can run on.

Names and prices are those of https://huggingface.co/docs/hub/spaces-gpus and spaces-overview of August 2026; what the
machines are made of was not checked, and all of it can change there.
"""

from dataclasses import dataclass

FREE = "cpu-basic"
ZEROGPU, ZEROGPU_ALIAS = "zero-a10g", "zerogpu"
"""No machine of its own, and so not among the flavors."""
COSTS_NOTHING = (FREE, ZEROGPU)
"""By the hour; everything else takes a payment method."""


@dataclass(frozen=True, slots=True)
class Flavor:
    """A kind of machine: its price is in dollars an hour, memory in GB; `gpus` of a model with `vram` GB each."""

    label: str
    price: float
    cpus: int
    ram: int
    gpus: int = 0
    model: str = ""
    vram: int = 0


FLAVORS = {
    "cpu-basic": Flavor("CPU Basic", 0, 2, 16),
    "cpu-upgrade": Flavor("CPU Upgrade", 0.03, 8, 32),
    "t4-small": Flavor("Nvidia T4 - small", 0.40, 4, 15, 1, "T4", 16),
    "t4-medium": Flavor("Nvidia T4 - medium", 0.60, 8, 30, 1, "T4", 16),
    "l4x1": Flavor("1x Nvidia L4", 0.80, 8, 30, 1, "L4", 24),
    "l4x4": Flavor("4x Nvidia L4", 3.80, 48, 186, 4, "L4", 24),
    "l40sx1": Flavor("1x Nvidia L40S", 1.80, 8, 62, 1, "L40S", 48),
    "l40sx4": Flavor("4x Nvidia L40S", 8.30, 48, 382, 4, "L40S", 48),
    "l40sx8": Flavor("8x Nvidia L40S", 23.50, 192, 1534, 8, "L40S", 48),
    "a10g-small": Flavor("Nvidia A10G - small", 1.00, 4, 15, 1, "A10G", 24),
    "a10g-large": Flavor("Nvidia A10G - large", 1.50, 12, 46, 1, "A10G", 24),
    "a10g-largex2": Flavor("2x Nvidia A10G - large", 3.00, 24, 92, 2, "A10G", 24),
    "a10g-largex4": Flavor("4x Nvidia A10G - large", 5.00, 48, 184, 4, "A10G", 24),
    "a100-large": Flavor("Nvidia A100 - large", 2.50, 12, 142, 1, "A100", 80),
    "a100x4": Flavor("4x Nvidia A100", 10.00, 48, 568, 4, "A100", 80),
    "a100x8": Flavor("8x Nvidia A100", 20.00, 96, 1136, 8, "A100", 80),
    "cpu-performance": Flavor("CPU Performance", 0.30, 32, 256),
    "cpu-xl": Flavor("CPU XL", 1.00, 16, 124),
    "h200": Flavor("Nvidia H200", 5.00, 23, 256, 1, "H200", 141),
    "rtx-pro-6000": Flavor("Nvidia RTX PRO 6000", 2.75, 23, 256, 1, "RTX PRO 6000", 96),
    "rtx-pro-6000x2": Flavor("2x Nvidia RTX PRO 6000", 5.50, 46, 512, 2, "RTX PRO 6000", 96),
    "rtx-pro-6000x4": Flavor("4x Nvidia RTX PRO 6000", 11.00, 92, 1024, 4, "RTX PRO 6000", 96),
    "rtx-pro-6000x8": Flavor("8x Nvidia RTX PRO 6000", 22.00, 184, 2048, 8, "RTX PRO 6000", 96),
}
"""By name. OpenAPI and huggingface_hub 2.4 name the last seven; their prices are not documented and made up here."""
