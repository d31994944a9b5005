"""The pages behind a personal link, and those of staff: apart, since anybody may open the first."""
