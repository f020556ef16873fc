"""The embedder that needs no weights."""

import numpy as np

from nlp.embedding.embedder import HashEmbedder


def test_rows_have_length_one_and_a_text_without_terms_is_zero():
    vectors = HashEmbedder(64).encode(["有没有优惠券", "！！！", ""])
    assert vectors.shape == (3, 64)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), [1, 0, 0])


def test_texts_that_share_words_are_nearer_than_texts_that_do_not():
    asked, near, far = HashEmbedder().encode(["可以开发票吗", "能不能开发票", "什么时候发货呢"])
    assert asked @ near > asked @ far + 0.2


def test_the_same_text_has_the_same_vector_in_another_embedder_of_the_same_fingerprint():
    one, other = HashEmbedder(), HashEmbedder()
    assert one.fingerprint == other.fingerprint
    assert np.array_equal(one.encode(["退货运费谁出"]), other.encode_queries(["退货运费谁出"]))


def test_no_texts_give_no_rows():
    assert HashEmbedder().encode([]).shape == (0, 256)
