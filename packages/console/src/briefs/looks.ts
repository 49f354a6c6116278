/** What the parts of these pages look like, beside the tokens. */
export const sheet = "rounded-sheet border border-line bg-sheet p-4 shadow-sheet sm:p-5";
export const field =
  "min-h-touch w-full rounded-part border border-edge bg-desk px-3 text-base placeholder:text-soft sm:text-sm";
export const area = `${field} block field-sizing-content resize-none py-2.5 leading-relaxed`;
export const partHeading = "text-lg font-semibold tracking-tight";
