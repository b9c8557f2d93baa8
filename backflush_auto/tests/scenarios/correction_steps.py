"""Reports are corrected."""

from .event import Skip
from .steps import step


@step(
    10,
    lambda rng: {
        "posting": rng.randrange(4),
        "share": rng.choice((0, 0, 0.25, 0.5, 0.75)),
        "repeat": rng.random() < 0.3,
    },
)
def correct(world, event, posting, share, repeat):
    """Correct a report: all of it was wrong, or a part."""
    postings = world.find_orders().backflush_ids.filtered(
        lambda posting: (
            not posting.reverses_id
            and posting.state != "reversed"
            and posting.product_id == world.product
        )
    )
    if not postings:
        raise Skip
    postings = postings.sorted("id")
    posting = postings[-1 - posting % len(postings)]
    event.orders.append(posting.production_id.id)
    quantity = int(posting.quantity_left * share)
    if quantity == posting.quantity_left:
        raise Skip
    values = {
        "quantity": quantity,
        "reason": "Counted again",
        "reference": world.next_number("C"),
    }
    event.corrected = posting.id
    event.results.append(posting.backflush_correct(**values))
    if repeat:
        first = {**event.results[0], "replayed": True}
        event.repeat = lambda: (first, posting.backflush_correct(**values))
