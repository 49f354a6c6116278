/** The people of the tests, where those of the product find them. */
export * from "@sideline/proving-ground/testing";
