"""Personal data on this floor: none. What is taught is nobody's."""

from core.persons import Held

WHAT_IS_TAUGHT = "what is taught, not who is"
HELD: list[Held] = []
NOT_HELD = {
    f"programs.{name}": WHAT_IS_TAUGHT
    for name in (
        *("Programme", "ProgrammeEdition", "Module", "EditionItem", "Term", "Source"),
        *("Rubric", "Criterion", "Level", "Band", "Material"),
    )
}
