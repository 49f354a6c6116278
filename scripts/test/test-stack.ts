/** The stack of the tests, where those of the product find it. */
export * from "@sideline/proving-ground/testing";
