"""Revocation: what each list says, judged beside pyHanko and openssl; what cannot be believed is said and not used."""

import itertools
from datetime import datetime, timedelta

import pytest
from asn1crypto import crl as asn1_crl
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from fse.base.findings import Severity
from fse.domain.signature.lists import read_lists
from fse.domain.signature.revocation import revocation_at
from fse.domain.signature.verdict import Etat, Status
from fse.domain.signature.verification import verify_lot
from fse.infra.keys.pkcs12 import OpenedSigner
from tests.domain.signature.revocation_lists import (
    DAY,
    SERIAL,
    SIGNED,
    START,
    Chain,
    chain,
    point,
    revocation_list,
    revoking,
    said_of,
    signed,
    verdict_of,
)
from tests.domain.signature_pki import LOT, issue, name, pem

SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def pki() -> Chain:
    return chain()


@pytest.fixture(scope="module")
def stranger() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


# --- what a verification says ----------------------------------------------------------------------------------------


def test_without_a_list_revocation_is_not_checked_and_it_is_said(pki: Chain) -> None:
    verdict = verdict_of(pki)
    assert (verdict.status, verdict.revocation) == (Status.PROUVEE, None)
    assert "La révocation du certificat n'a pas été contrôlée." in verdict.detail
    assert verdict.findings() == ()


def test_a_list_that_does_not_name_the_signer(pki: Chain) -> None:
    verdict = verdict_of(pki, revocation_list(pki.root_key, revoked={SERIAL: START}))
    assert (verdict.status, verdict.revocation) == (Status.PROUVEE, Etat.VALABLE)
    assert "La révocation a été contrôlée : la liste du 31/05/2026" in verdict.detail
    assert "n'a pas été contrôlée" not in verdict.detail
    assert verdict.findings() == ()


@pytest.mark.parametrize("since", [SIGNED - 30 * DAY, SIGNED - SECOND, SIGNED], ids=str)
def test_revoked_before_or_when_it_signed_is_not_proved(pki: Chain, since: datetime) -> None:
    verdict = verdict_of(pki, revoking(pki, since, made=SIGNED + DAY))
    assert (verdict.status, verdict.revocation) == (Status.REVOQUEE, Etat.REVOQUE)
    assert (verdict.integre, verdict.prouve) == (True, False)
    assert f"révoqué depuis le {since:%d/%m/%Y à %H:%M:%S}" in verdict.detail
    (found,) = verdict.findings()
    assert (found.code, found.gravite) == ("signature.revoquee", Severity.ERREUR)


@pytest.mark.parametrize("since", [SIGNED + SECOND, SIGNED + 90 * DAY], ids=str)
def test_revoked_after_it_signed_is_still_proved_and_said(pki: Chain, since: datetime) -> None:
    verdict = verdict_of(pki, revoking(pki, since, made=SIGNED + 91 * DAY, ends=SIGNED + 97 * DAY))
    assert (verdict.status, verdict.revocation) == (Status.PROUVEE, Etat.REVOQUE_APRES)
    assert f"révoqué ensuite, le {since:%d/%m/%Y}" in verdict.detail
    assert "rien ne l'atteste" in verdict.detail
    (found,) = verdict.findings()
    assert (found.code, found.gravite) == ("signature.revoquee_ensuite", Severity.INFORMATION)


def test_a_key_unsafe_since_before_the_signature_proves_nothing(pki: Chain) -> None:
    unsafe = [(x509.InvalidityDate(SIGNED.replace(tzinfo=None) - DAY), False)]
    late = revoking(pki, SIGNED + 5 * DAY, made=SIGNED + 6 * DAY, of_entry=unsafe)
    assert verdict_of(pki, late).status is Status.REVOQUEE


def test_a_revocation_counts_whatever_the_age_of_its_list(pki: Chain) -> None:
    old = revoking(pki, SIGNED - 100 * DAY, made=SIGNED - 90 * DAY, ends=SIGNED - 83 * DAY)
    assert verdict_of(pki, old).status is Status.REVOQUEE


def without_end(pki: Chain, made: datetime) -> bytes:
    """A list that does not say when the next one comes."""
    whole = asn1_crl.CertificateList.load(revocation_list(pki.root_key, made=made))
    fields = {key: value for key, value in whole["tbs_cert_list"].native.items() if value is not None}
    assert "next_update" in fields
    kept = [(one, whole["tbs_cert_list"][one]) for one in fields if one not in ("next_update", "issuer")]
    content = asn1_crl.TbsCertList(dict(kept, issuer=whole["tbs_cert_list"]["issuer"]))
    signature = pki.root_key.sign(content.dump(), padding.PKCS1v15(), hashes.SHA256())
    parts = {"tbs_cert_list": content, "signature_algorithm": whole["signature_algorithm"], "signature": signature}
    return asn1_crl.CertificateList(parts).dump()


def test_a_list_without_an_end_tells_what_came_before_it(pki: Chain) -> None:
    assert said_of(pki, without_end(pki, SIGNED - DAY)) is Etat.INCONNU
    assert said_of(pki, without_end(pki, SIGNED + DAY)) is Etat.VALABLE


def unusable(pki: Chain, stranger: rsa.RSAPrivateKey) -> dict[str, bytes]:
    """Lists that cannot tell, by the word that says why."""
    forged = bytearray(revocation_list(pki.root_key))
    forged[-1] ^= 1
    return {
        "périmée (faite le 22/05/2026, en vigueur jusqu'au 01/06/2026 à 11:59:59 UTC)": revocation_list(
            pki.root_key, made=SIGNED - 10 * DAY, ends=SIGNED - SECOND
        ),
        "aucune des listes données n'est de l'autorité": revocation_list(stranger, "AUTRE"),
        "fausse, l'autorité": revocation_list(stranger),
        "fausse, l'autorité dont": bytes(forged),
        "plus récente que la fin du certificat": revocation_list(
            pki.root_key, made=START + 366 * DAY, ends=START + 370 * DAY
        ),
        "ne dit pas jusqu'à quand elle vaut": without_end(pki, SIGNED - DAY),
        "une partie des certificats": revocation_list(
            pki.root_key, extensions=[(point(only_contains_ca_certs=True), True)]
        ),
        "une partie": revocation_list(pki.root_key, extensions=[(x509.DeltaCRLIndicator(4), True)]),
        "d'un genre que fse ne lit pas": revocation_list(pki.root_key, extensions=[(point(indirect_crl=True), True)]),
        "d'un genre": revocation_list(
            pki.root_key, extensions=[(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\0"), True)]
        ),
    }


def test_a_list_that_cannot_tell_is_said_and_never_taken_for_a_yes(pki: Chain, stranger: rsa.RSAPrivateKey) -> None:
    for word, content in unusable(pki, stranger).items():
        verdict = verdict_of(pki, content)
        assert (verdict.status, verdict.revocation) == (Status.PROUVEE, Etat.INCONNU), word
        assert "La révocation du certificat n'a pas été contrôlée : " in verdict.detail, word
        assert word in verdict.detail
        (found,) = verdict.findings()
        assert (found.code, found.gravite) == ("signature.revocation_inconnue", Severity.AVERTISSEMENT)


def test_a_list_that_cannot_tell_hides_no_other(pki: Chain, stranger: rsa.RSAPrivateKey) -> None:
    for content in unusable(pki, stranger).values():
        for order in itertools.permutations([content, revocation_list(pki.root_key)]):
            assert said_of(pki, *order) is Etat.VALABLE
        for order in itertools.permutations([content, revocation_list(pki.root_key), revoking(pki, START + DAY)]):
            assert said_of(pki, *order) is Etat.REVOQUE


def test_a_forged_revocation_revokes_nobody(pki: Chain, stranger: rsa.RSAPrivateKey) -> None:
    forged = revocation_list(stranger, revoked={pki.direct.serial_number: START})
    assert verdict_of(pki, forged).prouve
    own = issue(stranger, issuer_key=stranger, subject=name("RACINE"), ca=True, start=START)
    assert revocation_at(pki.direct, read_lists([forged]), [own], SIGNED).etat is Etat.REVOQUE  # whoever trusts it
    assert verify_lot(LOT, pki.cms, [pki.anchor, pem(own)], read_lists([forged])).status is Status.REVOQUEE


def test_an_authority_that_may_not_sign_lists(pki: Chain) -> None:
    mute = issue(pki.root_key, subject=name("RACINE"), ca=True, start=START, usage=["key_cert_sign"])
    listed = read_lists([revoking(pki, START + DAY)])
    assert revocation_at(pki.direct, listed, [mute], SIGNED).etat is Etat.INCONNU
    assert revocation_at(pki.direct, listed, [mute, pki.root], SIGNED).etat is Etat.REVOQUE
    assert revocation_at(pki.direct, listed, [], SIGNED).etat is Etat.INCONNU


def test_an_unproved_signer_is_not_looked_up(pki: Chain, stranger: rsa.RSAPrivateKey) -> None:
    other = issue(stranger, subject=name("AILLEURS"), ca=True, start=START)
    verdict = verify_lot(LOT, pki.cms, [pem(other)], read_lists([revoking(pki, START)]))
    assert (verdict.status, verdict.revocation) == (Status.NON_PROUVEE, None)
    assert verify_lot(LOT, pki.cms, None, read_lists([revoking(pki, START)])).status is Status.SANS_ANCRE


# --- an authority in between -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of_leaf", "of_middle", "status", "etat"),
    [
        (None, None, Status.PROUVEE, Etat.VALABLE),
        (SIGNED - DAY, None, Status.REVOQUEE, Etat.REVOQUE),
        (None, SIGNED - DAY, Status.REVOQUEE, Etat.REVOQUE),
        (SIGNED + DAY, SIGNED - DAY, Status.REVOQUEE, Etat.REVOQUE),
        (None, SIGNED + DAY, Status.PROUVEE, Etat.REVOQUE_APRES),
    ],
)
def test_each_certificate_up_to_the_anchor_is_looked_up(
    pki: Chain, of_leaf: datetime | None, of_middle: datetime | None, status: Status, etat: Etat
) -> None:
    cms = signed(OpenedSigner(pki.leaf, pki.leaf_key, (pki.middle,)))
    lists = [
        revocation_list(
            key, issuer, revoked={serial: since} if since else {}, made=SIGNED + 2 * DAY, ends=SIGNED + 9 * DAY
        )
        for key, issuer, serial, since in (
            (pki.middle_key, "AC", pki.leaf.serial_number, of_leaf),
            (pki.root_key, "RACINE", pki.middle.serial_number, of_middle),
        )
    ]
    verdict = verify_lot(LOT, cms, [pki.anchor], read_lists(lists))
    assert (verdict.status, verdict.revocation) == (status, etat)
    assert ("autorité intermédiaire" in verdict.detail) == (of_middle is not None)


def test_a_list_of_the_signer_only_says_that_the_authority_is_not_checked(pki: Chain) -> None:
    cms = signed(OpenedSigner(pki.leaf, pki.leaf_key, (pki.middle,)))
    verdict = verify_lot(LOT, cms, [pki.anchor], read_lists([revocation_list(pki.middle_key, "AC")]))
    assert (verdict.status, verdict.revocation) == (Status.PROUVEE, Etat.INCONNU)
    assert "ne nomme pas le certificat. Pour une autorité intermédiaire : la révocation" in verdict.detail


def test_a_signer_trusted_directly_is_looked_up_when_its_authority_is_known(pki: Chain) -> None:
    revoked = read_lists([revoking(pki, START)])
    assert verify_lot(LOT, pki.cms, [pem(pki.direct)], revoked).revocation is Etat.INCONNU
    assert verify_lot(LOT, pki.cms, [pem(pki.direct), pki.anchor], revoked).status is Status.REVOQUEE


# --- what a list covers ----------------------------------------------------------------------------------------------


def published_at(*addresses: str) -> list[x509.GeneralName]:
    return [x509.UniformResourceIdentifier(address) for address in addresses]


def with_point(pki: Chain, *addresses: str) -> x509.Certificate:
    """A professional whose certificate says where its authority publishes its lists."""
    where = [x509.DistributionPoint(published_at(*addresses), None, None, None)] if addresses else []
    builder = (
        x509.CertificateBuilder()
        .subject_name(name("PS"))
        .issuer_name(name("RACINE"))
        .public_key(pki.leaf_key.public_key())
        .serial_number(SERIAL)
        .not_valid_before(START)
        .not_valid_after(START + 365 * DAY)
    )
    if where:
        builder = builder.add_extension(x509.CRLDistributionPoints(where), critical=False)
    return builder.sign(pki.root_key, hashes.SHA256())


@pytest.mark.parametrize(
    ("given", "etat"),
    [
        ({}, Etat.VALABLE),
        ({"only_contains_user_certs": True}, Etat.VALABLE),
        ({"only_contains_ca_certs": True}, Etat.INCONNU),
        ({"only_contains_attribute_certs": True}, Etat.INCONNU),
        ({"only_some_reasons": frozenset([x509.ReasonFlags.key_compromise])}, Etat.INCONNU),
        ({"full_name": published_at("http://a/1", "http://a/2")}, Etat.VALABLE),
        ({"full_name": published_at("http://a/3")}, Etat.INCONNU),
        (
            {"relative_name": x509.RelativeDistinguishedName([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x")])},
            Etat.INCONNU,
        ),
    ],
    ids=str,
)
@pytest.mark.parametrize("critical", [True, False])
def test_a_partial_list_clears_only_what_it_covers(
    pki: Chain, given: dict[str, object], etat: Etat, critical: bool
) -> None:
    one = with_point(pki, "http://a/2")
    values = given or {"only_contains_user_certs": True}
    partial = revocation_list(pki.root_key, extensions=[(point(**values), critical)])
    assert revocation_at(one, read_lists([partial]), [pki.root], SIGNED).etat is etat
    named = revocation_list(pki.root_key, revoked={SERIAL: START}, extensions=[(point(**values), critical)])
    assert revocation_at(one, read_lists([named]), [pki.root], SIGNED).etat is Etat.REVOQUE


def test_a_list_of_one_place_says_nothing_of_a_certificate_that_names_none(pki: Chain) -> None:
    partial = revocation_list(pki.root_key, extensions=[(point(full_name=published_at("http://a/1")), True)])
    assert revocation_at(with_point(pki), read_lists([partial]), [pki.root], SIGNED).etat is Etat.INCONNU


def test_what_is_taken_off_a_list_is_not_on_it(pki: Chain) -> None:
    back = [(x509.CRLReason(x509.ReasonFlags.remove_from_crl), False)]
    held = [(x509.CRLReason(x509.ReasonFlags.certificate_hold), False)]
    assert said_of(pki, revoking(pki, START, of_entry=held)) is Etat.REVOQUE
    assert said_of(pki, revoking(pki, START, of_entry=back)) is Etat.VALABLE
