interface ChoiceProps {
  label: string;
  value: string;
  choose(value: string): void;
  options: (readonly [value: string, label: string])[];
}

export function Choice({ label, value, choose, options }: ChoiceProps) {
  return (
    <label className="flex flex-col gap-1.5">
      <span className="font-medium">{label}</span>
      <select
        value={value}
        onChange={({ target }) => choose(target.value)}
        className="min-h-touch w-full rounded-part border border-edge bg-sheet px-3"
      >
        {options.map(([own, text]) => (
          <option key={own} value={own}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
