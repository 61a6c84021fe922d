"""From the user's key to encryption, fingerprints and links; and what a wrong key, or a moved byte, gives."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest

from fse.base.errors import StorageError
from fse.infra.journal.secrets import Coffre, new_data_key, unwrap_key, wrap_key
from tests.infra.journal.facts import CLE, NIR

LIAISON = b"cabinet-essai"


def code_of(error: pytest.ExceptionInfo[StorageError]) -> str:
    return error.value.code


def test_the_envelope_gives_the_data_key_back() -> None:
    data_key = new_data_key()
    envelope = wrap_key(data_key, CLE, LIAISON)
    assert unwrap_key(envelope, CLE, LIAISON) == data_key
    assert data_key not in envelope.cle_enveloppee
    assert len(data_key) == 32


def test_two_envelopes_of_one_key_share_nothing() -> None:
    data_key = new_data_key()
    first, second = wrap_key(data_key, CLE, LIAISON), wrap_key(data_key, CLE, LIAISON)
    assert first.sel != second.sel
    assert first.cle_enveloppee != second.cle_enveloppee


@pytest.mark.parametrize("cle", ["une autre clé", CLE + " ", CLE.upper()])
def test_a_wrong_key_is_refused(cle: str) -> None:
    envelope = wrap_key(new_data_key(), CLE, LIAISON)
    with pytest.raises(StorageError) as error:
        unwrap_key(envelope, cle, LIAISON)
    assert code_of(error) == "journal.cle"
    assert cle not in str(error.value)


def test_an_empty_key_is_refused() -> None:
    with pytest.raises(StorageError) as error:
        wrap_key(new_data_key(), "", LIAISON)
    assert code_of(error) == "journal.cle_vide"


def test_the_envelope_of_another_cabinet_is_refused() -> None:
    envelope = wrap_key(new_data_key(), CLE, LIAISON)
    with pytest.raises(StorageError) as error:
        unwrap_key(envelope, CLE, b"autre")
    assert code_of(error) == "journal.cle"


@pytest.mark.parametrize("parameters", ["", "{}", '{"n": 1, "r": 8, "p": 1}', '{"n": 1073741824, "r": 8, "p": 1}'])
def test_altered_parameters_are_refused_before_they_cost_anything(parameters: str) -> None:
    envelope = replace(wrap_key(new_data_key(), CLE, LIAISON), parametres_kdf=parameters)
    with pytest.raises(StorageError) as error:
        unwrap_key(envelope, CLE, LIAISON)
    assert code_of(error) == "journal.cle"


def test_opening_takes_long_for_a_guesser_and_not_for_a_user() -> None:
    envelope = wrap_key(new_data_key(), CLE, LIAISON)
    assert json.loads(envelope.parametres_kdf)["n"] >= 2**15
    started = time.process_time()
    unwrap_key(envelope, CLE, LIAISON)
    assert time.process_time() - started < 1.0


def test_encryption_is_authenticated_and_bound_to_its_place() -> None:
    coffre = Coffre(new_data_key())
    cipher = coffre.encrypt(b"MARTINEAU", b"ici")
    assert b"MARTINEAU" not in cipher
    assert coffre.decrypt(cipher, b"ici") == b"MARTINEAU"
    assert coffre.encrypt(b"MARTINEAU", b"ici") != cipher
    flipped = [cipher[:at] + bytes([cipher[at] ^ 1]) + cipher[at + 1 :] for at in range(len(cipher))]
    for data, aad in [*((bad, b"ici") for bad in flipped), (cipher, b"ailleurs"), (b"", b"ici"), (cipher[:10], b"ici")]:
        with pytest.raises(StorageError) as error:
            coffre.decrypt(data, aad)
        assert code_of(error) == "journal.chiffre"


def test_a_fingerprint_is_one_a_nir_and_one_a_key() -> None:
    data_key = new_data_key()
    print_ = Coffre(data_key).fingerprint(NIR)
    assert print_ == Coffre(data_key).fingerprint(NIR)
    assert print_ is not None
    assert len(print_) == 64
    assert print_ != Coffre(new_data_key()).fingerprint(NIR)
    assert print_ != Coffre(data_key).fingerprint("2850599999000")
    assert print_ != Coffre(data_key).content_fingerprint(NIR.encode())


@pytest.mark.parametrize("nir", ["", " " * 13, "0" * 13, "2555555331042", "1555555671333"])
def test_a_nir_that_names_nobody_has_no_fingerprint(nir: str) -> None:
    assert Coffre(new_data_key()).fingerprint(nir) is None


def test_a_fingerprint_wants_13_characters() -> None:
    with pytest.raises(ValueError, match="13"):
        Coffre(new_data_key()).fingerprint("12345")


def test_a_link_depends_on_the_one_before() -> None:
    coffre = Coffre(new_data_key())
    assert coffre.chain_mac("a", b"x") != coffre.chain_mac("b", b"x")
    assert coffre.chain_mac("a", b"x") != coffre.chain_mac("a", b"y")
