"""What a command makes of what the files show: failures and notes, with their places in the checkout."""

from hfspace_action.card.card import Card
from hfspace_action.checkout.walk import Checkout
from hfspace_action.errors import Failure, Note
from hfspace_action.inputs.schema import Inputs


def foreseen(inputs: Inputs, found: Checkout, made: Card) -> tuple[list[Failure], list[Note]]:
    """Return what is certain to fail, and notes on what is likely to."""
    from hfspace_action import foresight  # not before: commands that read no checkout need none of its rules

    known = foresight.foresee(foresight.Tree.of(found, made, inputs))
    for failure in (*known.certain, *known.likely):
        failure.place = found.place(*failure.place) if failure.place else None
    notes = [Note(f"{one.message} {one.advice}", one.place, one.id) for one in known.likely]
    return list(known.certain), notes
