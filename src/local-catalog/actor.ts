/** Who is calling. A bot sees stored secrets, and its PUTs leave alone what people have written. */
export interface Actor {
  readonly name: string;
  readonly bot: boolean;
}
