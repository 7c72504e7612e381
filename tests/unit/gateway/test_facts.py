"""Facts of reviews: only what was counted."""

from fakes.gateway_services import product
from shopguide_gateway.domain.facts import digest_source
from shopguide_gateway.domain.model import Review

READ = [Review(f"r{n}", "p1", "Good.", "en", stars) for n, stars in enumerate((5.0, 4.0, None))]


def test_what_was_read_whole_is_counted():
    """How many have stars and their mean are counts over all reviews."""
    facts = {f.key: f.value for f in digest_source(product(1), 3, READ).facts}
    assert facts == {"review_count": 3, "rated_count": 2, "mean_stars": 4.5}


def test_a_sample_is_not_given_for_the_whole():
    """With more reviews than were read, nothing is counted over the sample; the catalogue's own rating stands there."""
    facts = {f.key: f.value for f in digest_source(product(1), 110, READ).facts}
    assert facts == {"review_count": 110, "rating": 4.5}
