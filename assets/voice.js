// Says a sentence to a screen reader, politely, and only when it is another one than before.
export default function ({ data, parentElement }) {
  const line = parentElement.querySelector('.voice');
  if (line.textContent !== data) line.textContent = data;
}
