export default function Producers() {
  return <div className="page"><h1>Producers</h1></div>;
}
