export default function Backstage() {
  return <div className="page"><h1>Backstage</h1></div>;
}
