"""Lists that are not what they should be: typed errors, or answers that clear nobody."""

from datetime import timedelta

import pytest
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from fse.base.errors import SignatureError
from fse.domain.signature import lists
from fse.domain.signature.lists import MAX_LIST, MAX_LISTS, read_lists
from fse.domain.signature.recipients import read_certificates
from fse.domain.signature.verdict import Etat
from fse.domain.signature.verification import verify_lot
from tests.domain.signature.revocation_lists import DAY, START, Chain, chain, revocation_list, revoking, said_of
from tests.domain.signature_pki import LOT, issue


@pytest.fixture(scope="module")
def pki() -> Chain:
    return chain()


def test_lists_are_read_pem_or_der_one_or_several(pki: Chain) -> None:
    der = [revocation_list(pki.root_key), revoking(pki, START)]
    both = b"".join(b"# une liste\n" + x509.load_der_x509_crl(one).public_bytes(Encoding.PEM) for one in der)
    assert [one.content for one in read_lists([both])] == [one.content for one in read_lists(der)]
    assert read_lists([]) == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"garbage",
        b"\x30\x80",
        b"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n",
        b"-----BEGIN",
        b"\x30" * 99,
    ],
)
def test_what_is_no_list_is_a_typed_error(content: bytes) -> None:
    with pytest.raises(SignatureError) as caught:
        read_lists([content])
    assert caught.value.code == "signature.lcr_illisible"


def test_a_certificate_is_no_list(pki: Chain) -> None:
    for content in (pki.anchor, pki.root.public_bytes(Encoding.DER)):
        with pytest.raises(SignatureError) as caught:
            read_lists([content])
        assert caught.value.code == "signature.lcr_illisible"


def test_sizes_are_bounded(pki: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    one = revocation_list(pki.root_key)
    with pytest.raises(SignatureError) as caught:
        read_lists([b"\x30" * (MAX_LIST + 1)])
    assert caught.value.code == "signature.lcr_trop_grande"
    with pytest.raises(SignatureError) as caught:
        read_lists([one] * (MAX_LISTS + 1))
    assert caught.value.code == "signature.lcr_trop_grande"
    monkeypatch.setattr(lists, "MAX_LIST", len(one))
    assert len(read_lists([one])) == 1


@given(data=st.data())
def test_a_damaged_list_is_a_typed_error_or_an_answer_and_clears_nobody(data: st.DataObject) -> None:
    """Unless what changed is read nowhere: the signature of the list covers all of it."""
    pki = chain()
    good = revoking(pki, START + DAY, of_entry=[(x509.CRLReason(x509.ReasonFlags.key_compromise), False)])
    damaged = bytearray(good)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        read = read_lists([bytes(damaged)])
    except SignatureError:
        return
    verdict = verify_lot(LOT, pki.cms, [pki.anchor], read)
    assert verdict.revocation in (Etat.INCONNU, Etat.REVOQUE)


@given(garbage=st.binary(max_size=300))
def test_garbage_is_no_list(garbage: bytes) -> None:
    with pytest.raises(SignatureError):
        read_lists([garbage])


def test_an_extension_that_stands_twice_is_malformed(pki: Chain) -> None:
    extension = {"extn_id": "2.5.29.20", "critical": False, "extn_value": asn1_crl.Integer(1)}
    whole = asn1_crl.CertificateList.load(revocation_list(pki.root_key, extensions=[(x509.CRLNumber(1), False)]))
    whole["tbs_cert_list"]["crl_extensions"].append(extension)
    whole["signature"] = pki.root_key.sign(whole["tbs_cert_list"].dump(force=True), padding.PKCS1v15(), hashes.SHA256())
    with pytest.raises(SignatureError) as caught:
        read_lists([whole.dump(force=True)])
    assert caught.value.code == "signature.lcr_illisible"


def test_an_extension_that_stands_twice_in_the_certificate_of_a_recipient(pki: Chain) -> None:
    der = issue(pki.root_key, usage=["key_encipherment"]).public_bytes(Encoding.DER)
    whole = asn1_x509.Certificate.load(der)
    extensions = whole["tbs_certificate"]["extensions"]
    extensions.append(extensions[0])
    with pytest.raises(SignatureError) as caught:
        read_certificates({"a": whole.dump(force=True)})
    assert caught.value.code == "destinataire.certificat_illisible"


def test_an_entry_that_says_something_unknown_is_revoked(pki: Chain) -> None:
    strange = [(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\0"), True)]
    assert said_of(pki, revoking(pki, START + timedelta(days=1), of_entry=strange)) is Etat.REVOQUE
