import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { checkoutQuestions } from "../api/bookings";
import { fieldOf } from "../engine/questions";
import { questionRule } from "./completeness";
import { DetailField } from "./DetailField";
import { serviceIdsOf } from "./laterReducer";
import { Problem } from "./Problem";
import { useStore } from "./store";
import { useLoad } from "./useLoad";

export interface Questions {
  view: JSX.Element | null;
  ready: boolean;
  /** Shows every error; the id of the first question that has one, or null. */
  firstWrong: () => string | null;
}

/** What checkout asks for the chosen services; fetched once for these services, then kept with the booking. */
export function useQuestions(stepId: string): Questions {
  const { booking, api, dispatch, recorder } = useStore();
  const { questions, answers, refused } = booking;
  const [left, setLeft] = useState<Record<string, boolean>>({});
  const ids = serviceIdsOf(booking);
  const loaded = useLoad(questions ? null : ids.join(), (signal) => checkoutQuestions(api, ids, signal));
  useEffect(() => {
    if (loaded.data) dispatch({ type: "questions_fetched", questions: loaded.data });
  }, [loaded.data]);

  const firstWrong = (): string | null => {
    const wrong = questions?.find((question) => questionRule(booking, question) !== null || refused[question.id]);
    if (!questions || !wrong) return null;
    setLeft(Object.fromEntries(questions.map(({ id }) => [id, true])));
    return `wb-${wrong.id}`;
  };
  if (loaded.failed) return { view: <Problem onRetry={loaded.reload} refusal={loaded.refusal} />, ready: false, firstWrong };
  if (!questions) return { view: <div class="bone bone-slot" aria-busy="true" />, ready: false, firstWrong };
  if (questions.length === 0) return { view: null, ready: true, firstWrong };
  const view = (
    <div class="fields" data-testid="questions">
      {questions.map((question) => {
        const rule = questionRule(booking, question);
        return (
          <DetailField
            key={question.id}
            field={fieldOf(question)}
            value={answers[question.id]}
            rule={left[question.id] ? rule : null}
            refused={refused[question.id] ?? null}
            onType={(value) => dispatch({ type: "question_answered", id: question.id, value })}
            onLeave={() => {
              setLeft((known) => ({ ...known, [question.id]: true }));
              // Which of them is the business's own matter; an event says only that one was answered.
              recorder.record("field_updated", stepId, { field: "question", valid: rule === null });
            }}
          />
        );
      })}
    </div>
  );
  return { view, ready: true, firstWrong };
}
