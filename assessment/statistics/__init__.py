"""Pictures of results for people who would rather look: numbers, their geometry, pages, a workbook."""
