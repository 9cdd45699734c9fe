"""The timetable of cohorts: arithmetic that decides (pure), and on it verbs, pages, letters and calendar files."""
