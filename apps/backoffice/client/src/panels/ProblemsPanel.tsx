import { useState } from "react";
import { useDesk } from "../desk";
import { useEditor } from "../state";
import { Symbol } from "../parts/Symbol";

/** Everything that is wrong, in words; one click shows where. */
export function ProblemsPanel() {
  const { problems } = useEditor();
  const desk = useDesk();
  const [chosen, setChosen] = useState<string | null>(null);
  if (problems.length === 0) {
    return (
      <div className="ge-panel-body ge-fine">
        <Symbol name="check_circle" />
        <p>
          <strong>Nothing to mend.</strong> Whichever way customers go, they come to one service.
        </p>
      </div>
    );
  }
  return (
    <div className="ge-panel-body">
      <p className="ge-hint">Choose one to see where it is. A draft can be saved as it is; publishing waits until this list is empty.</p>
      <ul className="ge-problems">
        {problems.map((problem) => (
          <li key={problem.message}>
            <button
              type="button"
              className="ge-problem"
              aria-pressed={chosen === problem.message}
              onClick={() => {
                setChosen(problem.message);
                desk.light({ tone: "problem", nodeIds: problem.nodeIds });
                desk.show(problem.nodeIds);
              }}
            >
              <Symbol name={problem.stopsSaving ? "block" : "error"} />
              <span>{problem.message}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
