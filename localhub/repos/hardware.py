"""What a Space can run on.

Names and prices are those of https://huggingface.co/docs/hub/spaces-gpus and spaces-overview of August 2026; what the
machines are made of was not checked, and all of it can change there.
"""

from dataclasses import dataclass

FREE = "cpu-basic"


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
}
"""By name. ZeroGPU (`zero-a10g`) is no machine of its own, and so not among them."""
