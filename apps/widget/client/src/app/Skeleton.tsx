/** A first screen in outline, while the flow loads. */
export function Skeleton({ label }: { label: string }) {
  return (
    <div class="screen" aria-busy="true">
      <div class="body">
        <span class="sr">{label}</span>
        <div class="bone bone-title" />
        <div class="bone bone-line" />
        <div class="bone bone-card" />
        <div class="bone bone-card" />
      </div>
      <div class="foot">
        <div class="bone bone-button" />
      </div>
    </div>
  );
}
