"""What holds in every world: the database says what the reference says, each line and centime is somewhere once."""

from typing import Any

from fse.domain.reconciliation.policies import POLICIES, RESIDUES
from tests.domain.reconciliation.world import money
from tests.domain.reconciliation.world.database import World
from tests.domain.reconciliation.world.reference import Reference
from tests.domain.reconciliation.world.tasks import worklist
from tests.domain.reconciliation.world.values import Row

PLACE = ("cabinet", "fichier", "rang")
INVOICE = ("cabinet", "prestataire", "numero")


def assert_agrees(world: World, reference: Reference) -> None:
    """Stored relations and answers are those of the reference, row by row."""
    assert_states(world, reference)
    assert_answers(world, reference)


def assert_states(world: World, reference: Reference) -> None:
    matched = world.rows("appariement", "cabinet, fichier, rang, prestataire, numero, politique")
    assert {row[:3]: row[3:] for row in matched} == {
        place: (one.prestataire, one.numero, one.politique) for place, one in reference.matches.items()
    }
    residues = world.rows("residu", "cabinet, fichier, rang, prestataire, cabinet, numero, hors_numero, nature")
    assert {row[:3]: row[3:] for row in residues} == {
        one.place: (one.prestataire, *one.block, reference.residues[one.place])
        for one in reference.answers
        if one.place in reference.residues
    }
    assert {row[:4]: row[4:] for row in world.rows("etat_part")} == {
        key: (part.demande, part.paye, part.saisi, part.retours, part.etat, part.dernier, part.derniere_le, part.acte)
        for key, part in reference.parts.items()
    }
    assert {row[:3]: row[3:] for row in world.rows("etat_facture")} == reference.invoices
    gaps = world.rows("ecart_demande", "cabinet, fichier, rang, partie, demande, demande_retour")
    assert {row[:4]: row[4:] for row in gaps} == reference.gaps


def assert_answers(world: World, reference: Reference, delai: int = 10) -> None:
    [(today, _)] = world.rows("parametre")
    assert isinstance(today, int)
    names = (*INVOICE, "partie", "nature", "montant", "depuis", "reference", "fichier", "rang")
    tasks = world.answer("suivi")
    assert sorted(_pick(tasks, *names)) == worklist(reference, today, delai)
    assert all(row["age"] == today - row["depuis"] for row in tasks)
    totals = ("parts", "forfaits", "retenues", "ecart", "rapproche", "residu", "reste")
    world.touch_all()
    assert [(row[:3], *row[3:]) for row in _pick(world.answer("controle_virement"), *PLACE, "montant", *totals)] == (
        money.controls(reference)
    )
    spread = _pick(
        world.answer("repartition_virement"), *PLACE, "prestataire", "lignes", "factures", "forfaits", "retenues"
    )
    assert [(row[:3], *row[3:]) for row in spread] == money.shares(reference)
    _assert_debts(world, reference)
    found = {
        row[:3]: row[3:]
        for row in _pick(
            world.answer("forfaits"), *PLACE, "prestataire", "code", "montant", "details", "date_comptable"
        )
    }
    assert found == {
        place: (who, lump.code, lump.montant, len(lump.details), day)
        for place, who, lump, day in money.lump_sums(reference)
    }
    doubles = world.rows("double_paiement", "cabinet, prestataire, numero, partie, remplacee_par, montant, derniere_le")
    assert {row[:4]: row[4:] for row in doubles} == money.doubles(reference)


def _assert_debts(world: World, reference: Reference) -> None:
    moved = ("mouvements", "retenu", "solde", "premiere_le", "derniere_le", *PLACE, "numero", "notifiee_le", "acte")
    told = _pick(world.answer("dettes"), "cabinet", "prestataire", "reference", *moved)
    assert {(*row[:3], *(() if row[2] else row[9:11])): row[3:] for row in told} == {
        key: (
            debt.mouvements,
            debt.retenu,
            debt.solde,
            debt.premiere_le,
            debt.derniere_le,
            *debt.place,
            debt.numero,
            debt.notifiee_le,
            debt.acte,
        )
        for key, debt in money.debts(reference).items()
    }


def assert_partition(world: World) -> None:
    """Each line is matched or in one residue, each transfer, lump sum and operation on a debt is mapped: once."""
    place = ", ".join(PLACE)
    ends = world.rows("appariement", place) + world.rows("residu", place)
    assert sorted(ends, key=repr) == sorted(world.rows("noemie_102", place) + world.rows("noemie_100", place), key=repr)
    assert {row[0] for row in world.rows("appariement", "politique")} <= {policy.nom for policy in POLICIES}
    assert {row[0] for row in world.rows("residu", "nature")} <= {residue.nom for residue in RESIDUES}
    pairs = {
        "ligne_retour": ("noemie_102", "noemie_100"),
        "virement": ("noemie_071", "noemie_070"),
        "forfait_retour": ("noemie_261",),
        "creance_retour": ("noemie_250",),
        "rejet_retour": ("noemie_294", "noemie_290"),
    }
    for mapped, entities in pairs.items():
        received: list[Row] = [row for entity in entities for row in world.rows(entity, place)]
        assert world.rows(mapped, place) == sorted(received, key=repr)


def assert_conservation(world: World) -> None:
    """Money in is money explained, for each transfer and in all, to the centime; what the states count is matched."""
    world.touch_all()
    controls = world.answer("controle_virement")
    for row in controls:
        explained = row["rapproche"] + row["residu"] + row["forfaits"] - row["retenues"]
        assert row["reste"] == 0
        assert row["ecart"] == (None if row["montant"] is None else row["montant"] - explained)
    assert {row["reste"] for row in world.answer("totaux")} <= {0}
    total = {name: sum(row[name] for row in controls) for name in ("rapproche", "residu", "forfaits", "retenues")}
    line = "ligne_retour NATURAL JOIN (SELECT cabinet, fichier, rang FROM {})"
    assert total == {
        "rapproche": world.sum(line.format("appariement"), "paye"),
        "residu": world.sum(line.format("residu"), "paye"),
        "forfaits": world.sum("noemie_261", "montant"),
        "retenues": world.sum("noemie_250 WHERE operation = 'RPR'", "montant"),
    }
    raw = [world.sum(f"noemie_{type}", "montant_rembourse") for type in ("198", "199", "210")]
    signed = "CASE WHEN signe_rembourse = 'N' THEN -montant_complementaire ELSE montant_complementaire END"
    assert total["rapproche"] + total["residu"] == sum(raw) + world.sum("noemie_210", signed)
    assert world.sum("etat_part", "paye - saisi") == total["rapproche"]
    shared = world.answer("repartition_virement")
    assert sum(row["factures"] for row in shared) == total["rapproche"] + total["residu"]
    assert sum(row["forfaits"] - row["retenues"] for row in shared) == total["forfaits"] - total["retenues"]
    _assert_balance(world)


def _assert_balance(world: World) -> None:
    """What was asked is paid, or is missing for one named reason, but what is paid too much."""
    for row in world.answer("bilan"):
        missing = row["reste"] + row["corrige"] + row["couvert"] + row["regle_autrement"] + row["abandonne"]
        assert row["demande"] - row["paye"] == missing - row["trop_paye"]


def _pick(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]
