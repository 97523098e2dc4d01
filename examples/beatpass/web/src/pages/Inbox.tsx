export default function Inbox() {
  return <div className="page"><h1>Inbox</h1></div>;
}
