"""What people are asked: the questionnaires, their versions, drafts and publishing. Their translations: languages/."""
