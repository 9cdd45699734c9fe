"""Tests of the whole course, and the invented people that every test shares."""
