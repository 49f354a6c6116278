export { type Stack, type StackOptions, startStack } from "./stack.ts";
export { StackError, type StackErrorCode } from "./stack-error.ts";
