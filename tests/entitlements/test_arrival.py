"""Through the ledger as well: any order of arrival, with duplicates, in any chunks, gives the same answers."""

from hypothesis import given, settings
from hypothesis import strategies as st

WORKSPACES = ["workspace-000001", "workspace-000002"]
stories = st.lists(
    st.fixed_dictionaries(
        {
            "at": st.sampled_from(["03-01", "03-02", "03-05", "04-01"]),
            "about": st.sampled_from(["subscription-00001", "subscription-00002"]),
            "service": st.sampled_from(["pending", "trialing", "active", "paused", "ended"]),
            "prices": st.sampled_from(
                [["price-pro-00000001"], ["price-starter-0001"], ["price-custom-0001"]]
            ),
            "workspace": st.sampled_from([*WORKSPACES, None]),
            "customer": st.sampled_from(["customer-000001", None]),
            "seats": st.integers(1, 3),
        }
    ),
    min_size=1,
    max_size=6,
    unique_by=repr,
)
UNDO = {"type": "correction", "id": "event-undo", "at": "2026-05-01T00:00:00Z", "corrects": "event-000000000"}


@given(story=stories, undo=st.booleans(), data=st.data())
@settings(max_examples=12, deadline=None)
def test_arrival_changes_no_answer(story, undo, data, make_shop, body, tmp_path_factory):  # noqa: PLR0917  fixtures
    bodies = [body(event_id=f"event-{number:09}", **fields) for number, fields in enumerate(story)]
    bodies += [UNDO] if undo else []
    again = data.draw(st.lists(st.sampled_from(bodies), max_size=3))
    answers = []
    for order in (bodies, data.draw(st.permutations(bodies + again))):
        shop = make_shop(f"sqlite:///{tmp_path_factory.mktemp('arrival')}/shop.db")
        shop.submit(*order, chunk=data.draw(st.integers(1, 9)))
        answers.append(
            [
                (
                    shop.decide(at, raw).canonical(),
                    [event.canonical() for event in shop.desk.events(shop.workspace(raw))],
                    shop.desk.plans(shop.workspace(raw)),
                )
                for raw in WORKSPACES
                for at in ("03-01", "03-06", "04-02")
            ]
        )
        shop.ledger.close()
    assert answers[0] == answers[1]
