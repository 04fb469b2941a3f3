import { useEffect, useRef } from "preact/hooks";
import type { Content, ServiceSelectionStep } from "../api/types";
import { ChoiceCard } from "../app/ChoiceCard";
import { CallLink } from "../app/CallLink";
import { Screen } from "../app/Screen";
import { useBackHandler } from "../app/backHandler";
import { useStore } from "../app/store";
import { backTo, isComplete, picksOf, walk, type Choice, type Walk } from "../engine/graph";
import { categoryOf, contentOf } from "./choiceContent";
import type { StepProps } from "./registry";

/** The graph as a conversation: one question, its answers, and the way so far as chips that lead back. */
export function ServiceSelection({ step }: StepProps<ServiceSelectionStep>) {
  const { booking, navigation, dispatch, controller, recorder, resolved, phone, announce, t } = useStore();
  const { flow } = resolved;
  const walked = walk(step.type_config, booking.path);
  const complete = isComplete(walked);
  // Come back to a finished conversation: its last question stands there, answered.
  const shown = walked.terminal ? walk(step.type_config, backTo(walked, walked.answered.length - 1)) : walked;
  const picked = walked.terminal ? walked.answered[walked.answered.length - 1]?.choice.node.id : undefined;
  const question = shown.question?.question ?? null;
  const title = question?.title ?? (shown.answered.length === 0 ? step.step_config.title || t("service.title") : t("service.which"));
  const first = useRef(true);

  useEffect(() => {
    if (!first.current) announce(title);
    first.current = false;
  }, [title]);

  const go = (picks: string[]): void => {
    const next = walk(step.type_config, picks);
    dispatch({ type: "path_picked", path: picks, serviceId: isComplete(next) ? next.serviceId : null });
  };
  const choose = (choice: Choice): void => {
    const picks = [...picksOf(shown), choice.node.id];
    const next = walk(step.type_config, picks);
    if (shown.question) {
      recorder.record("question_answered", step.id, { question_node_id: shown.question.id, answer_node_id: choice.node.id });
    }
    if (next.serviceId && next.serviceNodeId && next.serviceId !== shown.serviceId) {
      recorder.record("service_selected", step.id, { service_id: next.serviceId, node_id: next.serviceNodeId });
    }
    go(picks);
    // With several, the visit so far is shown first (StepManager).
    if (isComplete(next) && !step.type_config.allow_several) controller.next();
  };
  const back = (position: number): void => go(backTo(shown, position));
  const giveUp = booking.visit.length > 0 ? () => dispatch({ type: "another_dropped" }) : null;
  useBackHandler(shown.answered.length > 0 ? () => back(shown.answered.length - 1) : giveUp);

  return (
    <Screen
      key={question?.id ?? shown.visited.join()}
      title={title}
      description={question ? question.description : step.step_config.description}
      direction={navigation.direction}
      action={complete ? { label: t("frame.continue"), onPress: () => controller.next() } : null}
    >
      {shown.answered.length > 0 && <Trail shown={shown} onBack={back} />}
      {question?.help_text && <p class="hint">{question.help_text}</p>}
      {groups(shown.choices, flow.categories).map((group) => (
        <section key={group.title} class="group">
          {group.title && <h3 class="group-title">{group.title}</h3>}
          <div class="choices">
            {group.choices.map((choice) => (
              <ChoiceCard
                key={choice.node.id}
                id={choice.node.id}
                content={contentOf(choice, flow)}
                service={choice.serviceId ? (flow.services[choice.serviceId] ?? null) : null}
                selected={choice.node.id === picked}
                onPress={() => choose(choice)}
              />
            ))}
          </div>
        </section>
      ))}
      {shown.choices.length === 0 && (
        <div class="panel">
          <p class="quiet">{t("service.none")}</p>
          {phone && <CallLink t={t} phone={phone} />}
        </div>
      )}
    </Screen>
  );
}

function Trail({ shown, onBack }: { shown: Walk; onBack: (position: number) => void }) {
  const { resolved, t } = useStore();
  return (
    <nav class="trail" aria-label={t("service.path")}>
      {shown.answered.map((step, position) => {
        const answer = contentOf(step.choice, resolved.flow).title;
        return (
          <button
            key={step.choice.node.id}
            type="button"
            class="chip quiet-chip"
            aria-label={t("service.change", { answer })}
            onClick={() => onBack(position)}
          >
            {answer}
          </button>
        );
      })}
    </nav>
  );
}

interface Group {
  title: string;
  choices: Choice[];
}

/** In the order of the graph; a category appears where its first answer does. */
function groups(choices: readonly Choice[], categories: Record<string, Content>): Group[] {
  const found = new Map<string, Group>();
  for (const choice of choices) {
    const id = categoryOf(choice) ?? "";
    const group = found.get(id) ?? { title: categories[id]?.title ?? "", choices: [] };
    group.choices.push(choice);
    found.set(id, group);
  }
  return [...found.values()];
}
