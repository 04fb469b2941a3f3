/** Keeps the page behind from scrolling, without touching its elements' styles. Returns what undoes it. */
export function lockPage(): () => void {
  const sheet = new CSSStyleSheet();
  const scrollbar = window.innerWidth > document.documentElement.clientWidth ? "scrollbar-gutter:stable!important;" : "";
  sheet.replaceSync(`html{overflow:hidden!important;${scrollbar}}`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((known) => known !== sheet);
  };
}
