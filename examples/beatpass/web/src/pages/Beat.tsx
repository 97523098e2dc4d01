export default function Beat() {
  return <div className="page"><h1>Beat</h1></div>;
}
