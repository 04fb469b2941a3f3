import { Component, type ComponentChildren } from "preact";

interface Props {
  fallback: (retry: () => void) => ComponentChildren;
  children: ComponentChildren;
}

/** A fault in a screen shows the phone, never a blank. */
export class ErrorBoundary extends Component<Props, { broken: boolean }> {
  override state = { broken: false };

  static override getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override componentDidCatch(error: unknown): void {
    // For the developer of the page: the customer sees the phone screen.
    console.error("wrkbelt scheduler:", error);
  }

  override render(): ComponentChildren {
    return this.state.broken ? this.props.fallback(() => this.setState({ broken: false })) : this.props.children;
  }
}
