"""Running a session by the clock: steps, what is on and for how long still, the room's display, questions for later."""
