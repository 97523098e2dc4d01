export default function Requests() {
  return <div className="page"><h1>Requests</h1></div>;
}
