"""Small returns as model objects, and what each of their entities must hold, redone from the model by hand."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from fse.norm.model import (
    AssureRetour,
    DetailForfait,
    FactureRetour,
    ForfaitRetour,
    GroupeVirement,
    MouvementRetour,
    PartRetour,
    RejetRetour,
    RetourNoemie,
    TypeRetour,
)
from tests.oracles import noemie_oracle
from tests.oracles.keys import number_with_key

PRESTATAIRE = number_with_key("00123456")
OTHER = number_with_key("00765432")
DAY = date(2025, 3, 14)


def part(partie: str = "AMO", asked: int = 1855, etat: str | None = "P", paid: int = 1855) -> PartRetour:
    return PartRetour(partie=partie, montant_demande=asked, etat=etat, montant_rembourse=paid)


def facture(numero: int = 1, *parts: PartRetour, lot: int | None = 1) -> FactureRetour:
    return FactureRetour(
        numero_facture=numero,
        numero_lot=lot,
        date_lot=DAY,
        type_facture="F",
        date_facture=DAY,
        nature_assurance="10",
        parts=parts or (part(),),
    )


def groupe(*factures: FactureRetour, prestataire: str = PRESTATAIRE, code: str = "01", **values: Any) -> GroupeVirement:
    """One transfer with one kind of return: these invoices, and the lump sums and movements of `values`."""
    return GroupeVirement(
        beneficiaire_reglement=prestataire,
        date_comptable=DAY,
        libelle_virement_1="CPAM 999",
        libelle_virement_2="VIR 000001-1",
        organisme_payeur="CPAM 999",
        retours=(TypeRetour(code_retour=code, lieu_execution=prestataire, factures=factures, **values),),
    )


def retour(*groupes: GroupeVirement) -> RetourNoemie:
    return RetourNoemie(
        type_emetteur="CP",
        numero_emetteur="00000019990000",
        type_destinataire="TP",
        numero_destinataire=PRESTATAIRE.zfill(14),
        identifiant_fichier="A00001",
        date_creation=DAY,
        marque="T",
        groupes=groupes,
    )


def retenue(amount: int, operation: str = "RPR", **values: Any) -> MouvementRetour:
    """A movement of a debt: by default, that amount withheld from the transfer."""
    given: dict[str, Any] = {"reference_creance": "IND0000042", "nature_creance": "IND", "solde": 0} | values
    return MouvementRetour(operation=operation, montant=amount, **given)


def forfait(amount: int, *details: DetailForfait) -> ForfaitRetour:
    return ForfaitRetour(code_paiement="ROSP1", montant=amount, details=details)


# --- what each entity must hold, redone from the model by hand -------------------------------------------------------


def day(value: date | None) -> str:
    return value.strftime("%y%m%d") if value else "000000"


def money(name: str, sign: str, amount: int, width: int) -> dict[str, str]:
    return {name: f"{abs(amount):0{width}d}", sign: "N" if amount < 0 else "P"}


def envelope(file: RetourNoemie) -> dict[str, str]:
    return {
        "type_emetteur": file.type_emetteur,
        "numero_emetteur": file.numero_emetteur,
        "programme_emetteur": "FSE   ",
        "type_destinataire": file.type_destinataire,
        "numero_destinataire": file.numero_destinataire.ljust(14),
        "identifiant_fichier": file.identifiant_fichier,
        "marque": file.marque,
    }


def header(file: RetourNoemie) -> bytes:
    constants = {"reference": "0580", "version_reference": "01", "compaction": "N", "chiffrement": "N", "monnaie": "U"}
    own = {"date_creation": day(file.date_creation), "longueur_enregistrement": "128"}
    return noemie_oracle.assemble("000", envelope(file) | constants | own)


def expected_entities(file: RetourNoemie) -> Iterator[bytes]:
    if file.mandataire is not None:
        yield noemie_oracle.assemble("020", {"niveau": "01", "mandataire": file.mandataire.ljust(15)})
    for ordinal, group in enumerate(file.groupes, start=1):
        payee = {"niveau": "02", "beneficiaire_reglement": group.beneficiaire_reglement.ljust(15)}
        yield noemie_oracle.assemble("040", payee)
        transfer = {
            "niveau": "02",
            "date_comptable": day(group.date_comptable),
            "libelle_virement_1": (group.libelle_virement_1 or "").ljust(32),
            "libelle_virement_2": (group.libelle_virement_2 or "").ljust(32),
            "organisme_payeur": (group.organisme_payeur or "").ljust(10),
        }
        yield noemie_oracle.assemble("071", transfer)
        count = total = 0
        for kind in group.retours:
            place = {"niveau": "02", "code_retour": kind.code_retour, "lieu_execution": kind.lieu_execution.ljust(14)}
            yield noemie_oracle.assemble("081", place)
            count += len(kind.factures) + len(kind.forfaits) + len(kind.mouvements)
            for one in kind.factures:
                total += sum(each.montant_rembourse for each in one.parts)
                yield from expected_facture(one)
            for lump in kind.forfaits:
                total += lump.montant
                yield from expected_forfait(lump)
            for movement in kind.mouvements:
                total -= movement.montant if movement.operation == "RPR" else 0
                yield expected_mouvement(movement)
        closing = {"niveau": "99", "identification_niveau": f"071{ordinal:014d}", "nombre": f"{count:08d}"}
        yield noemie_oracle.assemble("990", closing | money("somme", "signe_somme", total, 11))


def expected_facture(one: FactureRetour) -> Iterator[bytes]:
    texts = {
        "niveau": "03",
        "numero_facture": f"{one.numero_facture or 0:09d}",
        "complement": (one.complement or "").ljust(6),
        "numero_lot": f"{one.numero_lot or 0:03d}",
        "date_lot": day(one.date_lot),
        "type_facture": one.type_facture,
        "date_facture": day(one.date_facture),
        "traitement_amc": one.traitement_amc or " ",
        "nature_assurance": one.nature_assurance,
    }
    yield noemie_oracle.assemble("102", texts)
    if one.assure is not None:
        yield expected_assure(one.assure)
    for each in one.parts:
        texts = {"niveau": "04", "montant_demande": f"{each.montant_demande:08d}", "etat": each.etat or " "}
        texts |= money("montant_rembourse", "signe_rembourse", each.montant_rembourse, 8)
        if each.partie == "AMC":
            texts |= {
                "numero_amc": (each.numero_amc or "").ljust(10),
                "numero_adherent": (each.numero_adherent or "").ljust(15),
            }
        yield noemie_oracle.assemble("198" if each.partie == "AMO" else "199", texts)
    for reject in one.rejets:
        yield expected_rejet(reject)
    for comment in one.commentaires:
        texts = {"code_commentaire": comment.code or " ", "texte_commentaire": comment.texte.ljust(128)}
        yield noemie_oracle.assemble("295", {"niveau": "04"} | texts)


def expected_assure(assure: AssureRetour) -> bytes:
    texts = {
        "nir": assure.nir,
        "cle_nir": assure.cle_nir or "00",
        "nom_naissance": (assure.nom_naissance or "").ljust(25),
        "nom_usage": (assure.nom_usage or "").ljust(25),
        "prenom": (assure.prenom or "").ljust(15),
        "nir_individuel": (assure.nir_individuel or "").ljust(13),
        "cle_nir_individuel": assure.cle_nir_individuel or "00",
        "date_naissance": assure.date_naissance or "000000",
        "rang_naissance": str(assure.rang_naissance or 0),
        "nom_beneficiaire": (assure.nom_beneficiaire or "").ljust(25),
        "prenom_beneficiaire": (assure.prenom_beneficiaire or "").ljust(15),
        "unite_gestion": (assure.unite_gestion or "").ljust(4),
    }
    return noemie_oracle.assemble("103", {"niveau": "04"} | texts)


def expected_rejet(reject: RejetRetour) -> bytes:
    texts = {
        "niveau": "04",
        "code_rejet": reject.code_rejet,
        "libelle_rejet": reject.libelle_rejet.ljust(86),
        "niveau_rejet": reject.niveau,
        "partie": reject.partie,
        "code_acte": (reject.code_acte or "").ljust(5),
        "date_soins": day(reject.date_soins),
        "executant": reject.executant or "000000000",
        "numero_ligne": f"{reject.numero_ligne or 0:03d}",
        "rang_rejet": f"{reject.rang_rejet:02d}",
        "information": (reject.information or "").ljust(30),
    }
    return noemie_oracle.assemble("294", texts)


def expected_forfait(lump: ForfaitRetour) -> Iterator[bytes]:
    texts = {"niveau": "03", "code_paiement": lump.code_paiement, "montant": f"{lump.montant:08d}"}
    yield noemie_oracle.assemble("261", texts)
    for detail in lump.details:
        texts = {
            "niveau": "04",
            "codification": (detail.codification or "").ljust(5),
            "libelle_detail": (detail.libelle or "").ljust(80),
            "nir": (detail.nir or "").ljust(13),
            "cle_nir": detail.cle_nir or "00",
            "date_naissance": detail.date_naissance or "000000",
            "rang_naissance": str(detail.rang_naissance or 0),
            "periode": detail.periode or " ",
            "date_debut": day(detail.date_debut),
            "date_fin": day(detail.date_fin),
            "montant": f"{detail.montant:08d}",
        }
        yield noemie_oracle.assemble("262", texts)


def expected_mouvement(movement: MouvementRetour) -> bytes:
    texts = {
        "niveau": "03",
        "numero_ligne": f"{movement.numero_ligne:02d}",
        "reference_creance": movement.reference_creance.ljust(10),
        "date_creance": day(movement.date_creance),
        "nature_creance": movement.nature_creance or "   ",
        "operation": movement.operation,
        "solde": f"{movement.solde:08d}",
    }
    return noemie_oracle.assemble("250", texts | money("montant", "signe_montant", movement.montant, 8))


# --- what a reader must find in each entity but 990 ------------------------------------------------------------------


def model_values(file: RetourNoemie) -> Iterator[tuple[str, dict[str, object]]]:
    """Type and values of the entities that come from the model, in order; what the model says not is absent."""
    if file.mandataire is not None:
        yield "020", {"mandataire": file.mandataire}
    for group in file.groupes:
        yield "040", {"beneficiaire_reglement": group.beneficiaire_reglement}
        yield "071", of(group, "date_comptable libelle_virement_1 libelle_virement_2 organisme_payeur")
        for kind in group.retours:
            yield "081", of(kind, "code_retour lieu_execution")
            for one in kind.factures:
                yield from facture_values(one)
            for lump in kind.forfaits:
                yield "261", of(lump, "code_paiement montant")
                for detail in lump.details:
                    names = "codification nir cle_nir date_naissance rang_naissance periode date_debut date_fin montant"
                    yield "262", of(detail, names) | {"libelle_detail": detail.libelle}
            for movement in kind.mouvements:
                names = "numero_ligne reference_creance date_creance nature_creance operation montant solde"
                yield "250", of(movement, names)


def facture_values(one: FactureRetour) -> Iterator[tuple[str, dict[str, object]]]:
    names = "numero_facture complement numero_lot date_lot type_facture date_facture traitement_amc nature_assurance"
    yield "102", of(one, names)
    if one.assure is not None:
        names = "nir cle_nir nom_naissance nom_usage prenom nir_individuel cle_nir_individuel date_naissance"
        yield "103", of(one.assure, f"{names} rang_naissance nom_beneficiaire prenom_beneficiaire unite_gestion")
    for each in one.parts:
        names = "montant_demande etat montant_rembourse"
        kind = {"AMO": "198", "AMC": "199"}[each.partie]
        yield kind, of(each, names if kind == "198" else f"{names} numero_amc numero_adherent")
    for reject in one.rejets:
        names = "code_rejet libelle_rejet partie code_acte date_soins executant numero_ligne rang_rejet information"
        yield "294", of(reject, names) | {"niveau_rejet": reject.niveau}
    for comment in one.commentaires:
        yield "295", {"code_commentaire": comment.code, "texte_commentaire": comment.texte}


def of(item: object, names: str) -> dict[str, object]:
    return {name: getattr(item, name) for name in names.split()}
