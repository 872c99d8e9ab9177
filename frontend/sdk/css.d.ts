/** A plugin's style sheet, imported as text for `sdk.styles`. */
declare module '*.css' {
  const text: string;
  export default text;
}
