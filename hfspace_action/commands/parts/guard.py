"""What another command has to say while a deploy is under way, at the moments after which it would be too late."""

from hfspace_action.card.card import Card
from hfspace_action.checkout.walk import Checkout
from hfspace_action.plan.plan import Plan
from hfspace_action.space import Space


class Guard:
    """Lets everything pass. Whoever stops a deploy raises an exception."""

    def read(self, found: Checkout) -> None:
        """The checkout was read; the Hub knows nothing yet."""

    def card(self, made: Card) -> Card:
        """The README is completed: return what it is to be."""
        return made

    def planned(self, planned: Plan) -> None:
        """What is to be done is known, and nothing of it is done yet."""

    def created(self, space: Space) -> None:
        """The Space was created, and holds nothing yet."""
