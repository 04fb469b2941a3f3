"""What is sold, and what is asked: services, questions with their answers, headings."""

from apps.content.admin.questions import AnswerCategoryAdmin, QuestionAdmin
from apps.content.admin.services import ServiceAdmin

__all__ = ["AnswerCategoryAdmin", "QuestionAdmin", "ServiceAdmin"]
